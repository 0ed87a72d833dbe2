"""Files that are data, not code: device maps, trade packs, cited factors."""
