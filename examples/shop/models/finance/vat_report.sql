select c.country_code, v.rate, sum(o.paid_amount / (1 + v.rate))::decimal(12, 2) as net_amount
from {{ ref('fct_orders') }} as o
inner join {{ ref('stg_shop__customers') }} as c using (customer_id)
inner join {{ ref('vat_rates') }} as v on v.code = c.country_code
group by all
