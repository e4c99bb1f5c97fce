-- What visitors see, and the time of the last change, which nobody has to remember to set.
CREATE VIEW listings AS
SELECT p.id, p.title, p.price, p.area, p.price_per_m2, p.details, p.listed_at, u.name AS owner
  FROM properties p
  JOIN users u ON u.id = p.owner_id
 WHERE p.status = 'listed' AND u.active;

CREATE FUNCTION set_updated_at() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END;
$$;

CREATE TRIGGER properties_set_updated_at
  BEFORE UPDATE ON properties
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();
