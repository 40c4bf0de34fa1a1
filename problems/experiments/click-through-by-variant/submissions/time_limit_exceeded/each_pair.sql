WITH variants AS (SELECT DISTINCT variant FROM assignments)
SELECT variants.variant, COUNT(clicked), AVG(clicked)
FROM variants
JOIN assignments ON assignments.variant = variants.variant
LEFT JOIN impressions ON impressions.user + 0 = assignments.user + 0
GROUP BY variants.variant
