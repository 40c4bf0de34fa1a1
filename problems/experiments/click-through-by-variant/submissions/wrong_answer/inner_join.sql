SELECT variant, COUNT(clicked), AVG(clicked)
FROM assignments JOIN impressions USING (user)
GROUP BY variant
