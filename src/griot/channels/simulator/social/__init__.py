"""What Instagram accounts and Facebook pages have in common: direct messages, comments, and the Send API of both."""
