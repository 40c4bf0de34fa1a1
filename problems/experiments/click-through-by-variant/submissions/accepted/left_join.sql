SELECT a.variant, COUNT(i.clicked) AS impressions, AVG(i.clicked) AS rate
FROM assignments AS a
LEFT JOIN impressions AS i ON i.user = a.user
GROUP BY a.variant;
