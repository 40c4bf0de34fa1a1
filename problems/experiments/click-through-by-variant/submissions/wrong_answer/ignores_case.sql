SELECT variant, COUNT(clicked), AVG(clicked)
FROM assignments LEFT JOIN impressions USING (user)
GROUP BY variant COLLATE NOCASE
