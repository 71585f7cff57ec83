-- grain: one row of the list and one way in which others may pay the same again: same person, same under another NIK, same family
-- inputs: payee_row, payee_link, nik_repeat_compared; $is_of_families
-- rerun: safe
-- time: 2 s for 1 million rows
WITH subjects AS (
    SELECT
        payee_row.row_number,
        payee_row.nik_index,
        payee_row.kk_index,
        payee_row.amount_idr,
        coalesce(payee_row.period, '') AS period,
        coalesce(payee_row.component, '') AS component,
        payee_link.person_id,
        payee_link.confidence,
        payee_link.family_id,
        payee_link.family_confidence,
        -- A person whom the release does not know is told by the NIK and the name of the list.
        CASE
            WHEN payee_link.person_id IS NOT NULL THEN 'P' || CAST(payee_link.person_id AS VARCHAR)
            WHEN nik_repeat_compared.name_level >= 2 THEN 'R' || CAST(nik_repeat_compared.first_row AS VARCHAR)
        END AS subject
    FROM payee_row
    INNER JOIN payee_link
        ON payee_row.row_number = payee_link.row_number
    LEFT JOIN nik_repeat_compared
        ON payee_row.row_number = nik_repeat_compared.row_number
),

several_niks AS (
    SELECT
        subject,
        period
    FROM subjects
    WHERE subject IS NOT NULL AND nik_index IS NOT NULL
    GROUP BY subject, period
    HAVING count(DISTINCT nik_index) > 1
),

several_members AS (
    SELECT
        family_id,
        period,
        -- Neighbours may have been taken for one family: only one card on all rows says that they are one.
        count(DISTINCT kk_index) = 1 AND count(kk_index) = count(*) AS is_of_one_card
    FROM subjects
    WHERE family_id IS NOT NULL AND person_id IS NOT NULL
    GROUP BY family_id, period
    HAVING count(DISTINCT person_id) > 1
)

SELECT
    row_number,
    CAST('same_person' AS VARCHAR) AS evidence,
    subject || '|' || period || '|' || component AS repeat_key,
    amount_idr,
    coalesce(confidence, 2) AS confidence,
    1 AS importance
FROM subjects
WHERE subject IS NOT NULL
UNION ALL
SELECT
    subjects.row_number,
    CAST('same_person_other_nik' AS VARCHAR) AS evidence,
    subjects.subject || '|' || subjects.period AS repeat_key,
    subjects.amount_idr,
    coalesce(subjects.confidence, 2) AS confidence,
    2 AS importance
FROM subjects
INNER JOIN several_niks
    ON
        subjects.subject = several_niks.subject
        AND subjects.period = several_niks.period
UNION ALL
SELECT
    subjects.row_number,
    CAST('same_family' AS VARCHAR) AS evidence,
    CAST(subjects.family_id AS VARCHAR) || '|' || subjects.period AS repeat_key,
    subjects.amount_idr,
    CASE WHEN several_members.is_of_one_card THEN subjects.family_confidence ELSE 1 END AS confidence,
    3 AS importance
FROM subjects
INNER JOIN several_members
    ON
        subjects.family_id = several_members.family_id
        AND subjects.period = several_members.period
WHERE $is_of_families AND subjects.person_id IS NOT NULL
