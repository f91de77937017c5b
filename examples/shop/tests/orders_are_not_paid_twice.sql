{{ config(tags=['finance'], severity='warn') }}
select o.order_id
from {{ ref('fct_orders') }} as o
inner join {{ ref('fct_order_items') }} as i using (order_id)
group by o.order_id, o.paid_amount
having o.paid_amount > 2 * sum(i.gross_amount)
