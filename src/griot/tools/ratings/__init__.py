"""What vendors think of the agent's replies, and what is made of it: answers, examples, cases for evaluation."""
