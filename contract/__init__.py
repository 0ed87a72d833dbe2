"""What every end must agree on: tags, blocks, seals, statements, receipts. Pure; no input or output."""
