-- Real estate that users offer.
CREATE TYPE listing_status AS ENUM ('draft', 'listed', 'reserved', 'sold');

CREATE TABLE properties (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  owner_id     bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  title        text NOT NULL,
  description  text,
  status       listing_status NOT NULL DEFAULT 'draft',
  price        numeric(12, 2) NOT NULL CHECK (price > 0),
  area         numeric(8, 2) NOT NULL CHECK (area > 0),
  price_per_m2 numeric(12, 2) GENERATED ALWAYS AS (price / area) STORED,
  details      jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(details) = 'object'),
  listed_at    date,
  updated_at   timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT listed_has_a_date CHECK (status = 'draft' OR listed_at IS NOT NULL)
);

CREATE INDEX properties_owner_id_idx ON properties (owner_id);
CREATE INDEX properties_title_idx ON properties (lower(title));
CREATE INDEX properties_listed_idx ON properties (price) WHERE status = 'listed';
CREATE INDEX properties_details_idx ON properties USING gin (details jsonb_path_ops);
