SELECT variant, COUNT(clicked), SUM(clicked) / COUNT(clicked)
FROM assignments LEFT JOIN impressions USING (user)
GROUP BY variant
