select
    c.customer_id,
    c.full_name,
    c.email,
    k.name as country,
    k.region,
    c.wants_newsletter,
    c.created_at,
    count(o.order_id)::integer as order_count,
    coalesce(sum(o.paid_amount), 0)::decimal(12, 2) as lifetime_value
from {{ ref('stg_shop__customers') }} as c
left join {{ ref('country_codes') }} as k on k.code = c.country_code
left join {{ ref('int_orders__paid') }} as o using (customer_id)
group by all
