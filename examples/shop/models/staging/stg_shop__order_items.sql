select
    id as order_item_id,
    order_id,
    product_id,
    quantity,
    {{ cents_to_euros('unit_price_cents') }} as unit_price
from {{ source('raw_shop', 'order_items') }}
