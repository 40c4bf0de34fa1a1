WITH seen AS (
    SELECT variant, clicked
    FROM assignments JOIN impressions ON assignments.user = impressions.user
    WHERE clicked IS NOT NULL
),
counted AS (
    SELECT variant, COUNT(*) AS n, 1.0 * SUM(clicked) / COUNT(*) AS rate FROM seen GROUP BY variant
)
SELECT DISTINCT assignments.variant, COALESCE(n, 0), rate
FROM assignments LEFT JOIN counted ON counted.variant = assignments.variant
ORDER BY 1
