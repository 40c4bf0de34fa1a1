CREATE INDEX by_user ON impressions(user);
SELECT variant, COUNT(clicked), AVG(clicked) FROM assignments LEFT JOIN impressions USING (user) GROUP BY variant;
