"""The files of a pack: its ledger, chains, tree and signatures."""
