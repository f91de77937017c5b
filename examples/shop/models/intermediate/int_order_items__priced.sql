{{ config(materialized='ephemeral') }}
select
    i.order_item_id,
    i.order_id,
    i.product_id,
    i.quantity,
    (i.quantity * i.unit_price)::decimal(12, 2) as gross_amount,
    (i.quantity * (i.unit_price - p.cost))::decimal(12, 2) as margin_amount
from {{ ref('stg_shop__order_items') }} as i
inner join {{ ref('stg_shop__products') }} as p using (product_id)
