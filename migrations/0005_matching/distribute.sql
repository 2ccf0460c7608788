select create_reference_table('match_review_month');
