select order_id from {{ ref('refunds') }} where customer_id is null
