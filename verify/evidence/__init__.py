"""The files of a pack: its blocks, chains, tree, keys and signatures."""
