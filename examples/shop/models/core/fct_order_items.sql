select i.order_item_id, i.order_id, i.product_id, o.customer_id, o.ordered_at, i.quantity, i.gross_amount, i.margin_amount
from {{ ref('int_order_items__priced') }} as i
inner join {{ ref('fct_orders') }} as o using (order_id)
