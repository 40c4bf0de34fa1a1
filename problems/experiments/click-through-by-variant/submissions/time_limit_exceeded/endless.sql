WITH RECURSIVE counting(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counting)
SELECT 'a', COUNT(n), AVG(n) FROM counting
