"""Texts that must never pass: other statements, files, functions, casts, tricks with characters and size."""

ALONE = """
read_csv('/etc/passwd')
read_csv_auto('x.csv') IS NOT NULL
read_parquet('x') > 1
read_json('x') = 1
read_text('/etc/passwd') = 'x'
read_blob('/etc/passwd') = 'x'
glob('*') = 'x'
parquet_scan('x') > 1
sniff_csv('x') > 1
getenv('HOME') = 'x'
current_setting('home_directory') = 'x'
pragma_version() = 'x'
duckdb_secrets() = 1
duckdb_settings() = 1
version() = 'x'
now() > opened_on
current_date > opened_on
current_timestamp > opened_on
today() > opened_on
random() < 0.5
setseed(0.5)
uuid() = 'x'
nextval('s') > 1
txid_current() > 1
current_user = 'x'
current_database() = 'x'
current_schema() = 'x'
SELECT 1
SELECT flag FROM clients
(SELECT flag)
(SELECT TRUE) AND flag
flag AND (SELECT count(*) > 0 FROM duckdb_tables())
visits > (SELECT max(visits) FROM feats)
visits IN (SELECT 1)
visits IN (TABLE feats)
EXISTS (SELECT 1)
visits > ALL (SELECT 1)
visits > ANY (SELECT 1)
visits = ANY ([1, 2])
flag UNION SELECT TRUE
flag UNION ALL SELECT * FROM feats
flag INTERSECT SELECT TRUE
FROM feats
FROM 'x.parquet'
VALUES (1)
TABLE feats
WITH a AS (SELECT 1) SELECT flag
flag FROM feats
flag WHERE flag
flag GROUP BY visits
flag HAVING flag
flag ORDER BY visits
flag LIMIT 1
flag QUALIFY row_number() OVER () = 1
flag AS x
flag x
DROP TABLE feats
DELETE FROM feats
INSERT INTO feats VALUES (1)
UPDATE feats SET flag = TRUE
CREATE TABLE a (b INT)
CREATE MACRO a() AS 1
ALTER TABLE feats ADD COLUMN a INT
TRUNCATE feats
COPY feats TO 'x'
COPY (SELECT 1) TO 'x'
EXPORT DATABASE 'x'
ATTACH 'x'
DETACH x
USE x
PRAGMA database_list
PRAGMA enable_profiling
SET threads = 1
RESET threads
INSTALL httpfs
LOAD httpfs
CALL pragma_version()
EXPLAIN SELECT 1
DESCRIBE feats
SHOW TABLES
SUMMARIZE feats
BEGIN
COMMIT
VACUUM
CHECKPOINT
EXECUTE x
PREPARE x AS SELECT 1
flag; DROP TABLE feats
flag;flag
;flag
flag;
flag -- comment
flag -- comment OR TRUE
--flag
flag /* comment */
flag /**/ AND other
/* a */ flag
flag # comment
flag //
"flag"
"flag" = TRUE
`flag`
[flag]
feats.flag
main.feats.flag
f.*
*
COLUMNS(*)
COLUMNS('v.*') > 1
#1 > 2
$1
$flag
:flag
?
@flag
@visits > 3
visits > $1
visits > ?
visits > :limit
{flag}
{{ flag }}
%(flag)s
CAST(visits AS VARCHAR) = 'x'
CAST('2026-01-01' AS DATE) < opened_on
TRY_CAST(visits AS INT) > 1
visits::INT > 1
'2026-01-01'::DATE < opened_on
TIMESTAMP '2026-01-01' < opened_on
INTERVAL '1' DAY > 1
opened_on + INTERVAL 1 DAY > last_contact
INT '3' < visits
DATE '2026-01-01' + 1 > opened_on
DATE 'tomorrow' > opened_on
DATE '2026-1-1' > opened_on
DATE '2026-01-01 00:00' > opened_on
DATE visits > opened_on
visits / 2 > 1
visits // 2 > 1
visits % 2 = 1
visits ^ 2 > 1
visits ** 2 > 1
visits & 1 = 1
visits | 1 = 1
visits << 1 > 2
visits >> 1 > 2
~visits > 1
!flag
visits! > 1
visits == 1
visits != 1
visits =< 1
visits => 1
visits <=> 1
visits := 1
note || 'x' = 'ax'
note LIKE '%x%'
note ILIKE 'x'
note NOT LIKE 'x'
note SIMILAR TO 'x'
note GLOB 'x'
note ~ 'x'
note !~ 'x'
regexp_matches(note, 'x')
note ^@ 'x'
contains(note, 'x')
starts_with(note, 'x')
lower(note) = 'x'
length(note) > 3
substr(note, 1, 1) = 'x'
note[1] = 'x'
held[1] = '600000'
held[1:2] = 'x'
'600000' IN held
[1, 2] = held
{'a': 1} = held
MAP {'a': 1} = held
list_has(held, 'x')
array_contains(held, 'x')
list_has_any(held, 'x')
len(held) > 1
cardinality(held) > 1
unnest(held) = 'x'
list_transform(held, x -> x) = held
list_filter(held, x -> TRUE) = held
list_contains(held, x -> x)
list_contains(held, note)
list_contains('a', 'b')
list_contains(held, '600000', 'x')
list_contains(held, '600000') > 1
list_contains(list_contains(held, 'a'), 'b')
lambda x: x
CASE WHEN flag THEN TRUE ELSE FALSE END
CASE visits WHEN 1 THEN TRUE END
IF(flag, TRUE, FALSE)
IIF(flag, TRUE, FALSE)
ifnull(visits, 0) > 1
nvl(visits, 0) > 1
nullif(visits, 0) > 1
isnan(ratio)
isfinite(ratio)
round(ratio, 1) > 1
floor(ratio) > 1
ceil(ratio) > 1
sqrt(ratio) > 1
exp(ratio) > 1
ln(ratio) > 1
power(ratio, 2) > 1
sign(ratio) > 1
mod(visits, 2) = 1
divide(visits, 2) > 1
add(visits, 2) > 1
hash(visits) > 1
md5(note) = 'x'
sum(visits) > 1
count(*) > 1
count(visits) > 1
max(visits) > 1
avg(ratio) > 1
quantile(ratio, 0.5) > 1
sum(visits) OVER () > 1
row_number() OVER (ORDER BY visits) = 1
lag(visits) OVER () > 1
visits > 1 OVER ()
least(*) > 1
abs(DISTINCT visits) > 1
abs(visits) FILTER (WHERE flag) > 1
coalesce(*COLUMNS(*)) > 1
coalesce(visits, (SELECT 1)) > 1
coalesce(visits, trades) > 1
coalesce(visits, 0, 1) > 1
safe_div(visits, (SELECT 1)) > 1
SAFE_DIVIDE(visits, trades) > 1
main.abs(visits) > 1
system.abs(visits) > 1
visits.abs() > 1
visits IS DISTINCT FROM 1
visits IS NOT DISTINCT FROM 1
visits IS UNKNOWN
flag IS FALSE
flag IS NOT FALSE
visits ISNULL
visits NOTNULL
visits BETWEEN SYMMETRIC 1 AND 2
(visits, trades) = (1, 2)
(visits, trades) IN ((1, 2))
ROW(visits) = ROW(1)
visits COLLATE nocase = 'x'
visits AT TIME ZONE 'UTC' > 1
EXTRACT(year FROM opened_on) = 2026
date_part('year', opened_on) = 2026
date_diff('day', opened_on, last_contact) > 1
age(opened_on) > 1
flag AND
AND flag
flag OR OR flag
NOT
()
(flag
flag)
flag flag
visits >
> 3
visits > > 3
visits < 3 < 5
visits > 1, flag
,
'
''
'flag'
'a' 'b'
visits > 'a' 'b'
E'flag'
tier = E'gold'
tier = e'gold'
tier = N'gold'
tier = X'41'
tier = B'1'
tier = U&'gold'
tier = $$gold$$
tier = $a$gold$a$
tier = "gold"
tier = 'gold
tier = 'gold''
visits > 0x10
visits > 1e3
visits > 1E-3
visits > 1_000
visits > .5
visits > 5.
visits > 1.2.3
visits > 1..2
visits > +-3--
visits > 'nan'
visits > nan
visits > inf
visits > Infinity
visits > NULL
visits = NULL
NULL
NULL IS NULL
TRUE
FALSE
1
1 = 1
1 < 2
'a' = 'a'
NOT FALSE
TRUE OR flag
flag OR TRUE
flag AND 1 = 1
flag OR 1 = 1
flag OR 'a' = 'a'
flag = flag
__import__('os')
os.system('ls')
${jndi:x}
<script>alert(1)</script>
../../etc/passwd
flag\\
\\flag
flag\\x00
client_id = 1
rowid = 1
client_id > 0 OR flag
visits__key = 'a'
last_contact__td > 3
name = 'x'
"""
TEXTS = [line for line in ALONE.splitlines() if line]
CHARACTERS = [
    "flag\x00",
    "fl\x00ag",
    "flag\u00a0AND other",
    "flag\u2003AND other",
    "flag\u3000AND other",
    "flag\u200b",
    "fl\u200bag",
    "fl\u00adag",
    "\ufeffflag",
    "flag\u202e AND other",
    "flag\u2028AND other",
    "flag\u2029AND other",
    "flag\x0bAND other",
    "flag\x0cAND other",
    "flag\x85AND other",
    "visits ＞ 3",
    "visits > ３",
    "visits > ٣",
    "ｆｌａｇ",
    "flаg",
    "ﬂag",
    "FLAĞ",
    "vısıts > 3",
    "visits ≥ 3",
    "visits ≠ 3",
    "visits > 3；flag",
    "tier = ‘gold’",
    "tier = ＇gold＇",
    "tier = 'go\x00ld'",
    "tier = 'go\u200bld'",
    "list_contains(held, 'a\u202eb')",
    "list_contains(held, 'a\x07b')",
    "标志",
    "flag AND 真",
    "\ud800",
    "flag\r\x08",
]
SIZES = [
    "flag OR " * 1300 + "flag",
    "a" * 10_000,
    "visits > " + "9" * 10_000,
    "visits > " + "9" * 15,
    "visits > 0." + "9" * 7,
    "tier = '" + "x" * 10_000 + "'",
    "tier IN (" + ", ".join(["'gold'"] * 1500) + ")",
    "(" * 5_000 + "flag" + ")" * 5_000,
    "(" * 1_900 + "flag" + ")" * 1_900,
    "(" * 25 + "flag" + ")" * 25,
    "(" * 3_000,
    ")" * 3_000,
    "NOT " * 990 + "flag",
    "NOT " * 100 + "flag",
    "NOT(" * 24 + "NOT " * 40 + "flag" + ")" * 24,
    "visits > " + "- " * 1_900 + "1",
    "visits > " + "- " * 60 + "trades",
    "-" * 3_000 + "visits > 1",
    "abs(" * 900 + "visits" + ")" * 900 + " > 1",
    "abs(" * 20 + "visits" + ")" * 20 + " > 1",
    "visits" + " + visits" * 400 + " > 1",
    "visits" + " + 1" * 60 + " > 1",
    "visits" + " * 2" * 900 + " > 1",
    "visits > 1" + " AND visits > 1" * 200,
    "flag = " * 500 + "flag",
    "visits < " * 400 + "3",
    "flag IS TRUE" + " IS TRUE" * 400,
    "flag" + " IS NOT NULL" * 300,
    "flag" + " BETWEEN 1 AND 2" * 200,
    "visits IN (" * 24 + "1" + ")" * 24,
    "flag" + ", flag" * 500,
    " " * 4_001 + "flag",
    "\n" * 5_000,
]
