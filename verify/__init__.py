"""steelyard-verify: checks an evidence pack offline, from the documents alone. It imports none of our rooms."""
