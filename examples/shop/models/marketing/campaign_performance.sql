select
    c.campaign_id,
    c.title,
    c.budget,
    count(distinct s.session_id)::integer as sessions,
    count(distinct o.order_id)::integer as orders,
    coalesce(sum(o.paid_amount), 0)::decimal(12, 2) as revenue
from {{ ref('stg_mail__campaigns') }} as c
left join {{ ref('int_sessions__attributed') }} as s using (campaign_id)
left join {{ ref('fct_orders') }} as o on o.customer_id = s.customer_id and o.ordered_at >= s.started_at
group by all
