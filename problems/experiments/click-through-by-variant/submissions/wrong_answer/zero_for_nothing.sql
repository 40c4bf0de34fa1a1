SELECT variant, COUNT(clicked), COALESCE(AVG(clicked), 0.0)
FROM assignments LEFT JOIN impressions USING (user)
GROUP BY variant
