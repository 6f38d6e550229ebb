-- What each client has at the close of the day (`daily/asset_days.sql` tells the columns); the total has credit
-- accounts and products in it, and borrowed money is not subtracted, as it is from `net`.
-- reads: asset_days
SELECT * FROM asset_days
