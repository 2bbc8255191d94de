-- How well the agent answers, over time.

-- How long the buyer's last words waited until their answer was decided; null: not known, as of turns before this.
ALTER TABLE turns ADD waited_ms integer CHECK (waited_ms >= 0);
CREATE INDEX turns_time ON turns (shop_id, started_at);

-- When the vendor was done with it; null: not yet, or before this was noted.
ALTER TABLE escalations ADD closed_at timestamptz;
CREATE INDEX escalations_made ON escalations (shop_id, created_at);

CREATE INDEX quotes_made ON quotes (shop_id, created_at);
