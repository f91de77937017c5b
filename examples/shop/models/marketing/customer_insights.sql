select c.customer_id, c.region, c.order_count, c.lifetime_value, count(s.session_id)::integer as session_count
from {{ ref('dim_customers') }} as c
left join {{ ref('stg_web__sessions') }} as s using (customer_id)
group by all
