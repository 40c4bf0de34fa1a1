WITH users AS (
    SELECT user, variant, COUNT(clicked) AS n, AVG(clicked) AS rate
    FROM assignments LEFT JOIN impressions USING (user)
    GROUP BY user, variant
)
SELECT variant, SUM(n), AVG(rate) FROM users GROUP BY variant
