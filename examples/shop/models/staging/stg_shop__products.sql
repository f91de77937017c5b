select
    id as product_id,
    sku,
    title,
    category,
    {{ cents_to_euros('price_cents') }} as price,
    {{ cents_to_euros('cost_cents') }} as cost,
    discontinued as is_discontinued
from {{ source('raw_shop', 'products') }}
