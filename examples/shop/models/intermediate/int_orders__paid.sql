{{ config(materialized='ephemeral') }}
select o.order_id, o.customer_id, o.status, o.ordered_at, coalesce(sum(p.amount), 0)::decimal(12, 2) as paid_amount
from {{ ref('stg_shop__orders') }} as o
left join {{ ref('stg_shop__payments') }} as p using (order_id)
group by all
