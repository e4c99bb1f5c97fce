-- Who uses the site. People come back under the same address whatever capitals they type.
CREATE TABLE users (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email       text NOT NULL CHECK (email LIKE '%_@_%'),
  name        text NOT NULL,
  note        text,
  active      boolean NOT NULL DEFAULT true,
  preferences jsonb NOT NULL DEFAULT '{}',
  created_at  timestamptz NOT NULL DEFAULT now()
);

CREATE UNIQUE INDEX users_email_key ON users (lower(email));
CREATE INDEX users_active_idx ON users (created_at) WHERE active;

COMMENT ON TABLE users IS 'people who own or look for real estate';
