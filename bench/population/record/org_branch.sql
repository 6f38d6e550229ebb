SELECT i AS id, 'B' || i AS code, 'Branch ' || i AS name, '' AS address, '' AS phone, '/' || i || '/' AS path
FROM range(1, branches() + 1) r(i)
