DROP TRIGGER properties_set_updated_at ON properties;
DROP FUNCTION set_updated_at();
DROP VIEW listings;
