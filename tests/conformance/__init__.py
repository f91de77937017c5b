"""One meaning, many judges: scenarios of assets and a selection, with the ids that every judge must give."""
