SELECT variant, COUNT(item), 1.0 * SUM(clicked) / COUNT(item)
FROM assignments LEFT JOIN impressions USING (user)
GROUP BY variant
