select product_id, sku, title, category, price, (price - cost)::decimal(12, 2) as margin, is_discontinued
from {{ ref('stg_shop__products') }}
