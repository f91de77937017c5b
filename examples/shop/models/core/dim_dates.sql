select day::date as date_day, year(day)::integer as year, monthname(day) as month_name
from generate_series(timestamp '2024-01-01', timestamp '2024-12-31', interval 1 day) as days(day)
