"""The cloud: takes blocks in, keeps them, receipts them, and shows what they say."""
