SELECT variant, COUNT(clickd), AVG(clicked)
FROM assignments LEFT JOIN impressions USING (user)
GROUP BY variant
