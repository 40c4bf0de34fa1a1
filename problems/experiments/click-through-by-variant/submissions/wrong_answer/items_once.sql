SELECT variant, COUNT(clicked), AVG(clicked)
FROM assignments LEFT JOIN (SELECT DISTINCT user, item, clicked FROM impressions) USING (user)
GROUP BY variant
