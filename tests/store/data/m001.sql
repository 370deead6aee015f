PRAGMA application_id = 1935766644;
PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE designation (
        norad_id INTEGER NOT NULL,
        source TEXT NOT NULL,
        since_us INTEGER NOT NULL,
        name TEXT NOT NULL,
        cospar_id TEXT NOT NULL,
        PRIMARY KEY (norad_id, source, since_us)
    ) WITHOUT ROWID
    ;
INSERT INTO "designation" VALUES(25544,'celestrak',1783663200000000,'OBJECT A','1998-067A');
INSERT INTO "designation" VALUES(25544,'celestrak',1783666800000000,'ISS (ZARYA)','1998-067A');
INSERT INTO "designation" VALUES(25544,'file',1783670400000000,'ISS (ZARYA)','1998-067A');
INSERT INTO "designation" VALUES(900000001,'celestrak',1783663200000000,'ISS (ZARYA)','1998-067A');
CREATE TABLE document (
        document_id INTEGER PRIMARY KEY,
        sha256 BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
        deflated BLOB NOT NULL
    );
INSERT INTO "document" VALUES(1,X'C12B830CF529BE550D6510A49374625759C70B6D6CA04F448387845E5EC88F44',X'789C4BCB2C2A2E5148C94F2ECD4DCD2B010029DF05A8');
INSERT INTO "document" VALUES(2,X'5E3AEB120DFC28A04FBD9EBAE9C09A16D7119B9031C317E106BF52065ED9654F',X'789C2B4E4DCECF4B5148C94F2ECD4DCD2B01002F4605FC');
CREATE TABLE element_set (
        norad_id INTEGER NOT NULL,
        epoch_us INTEGER NOT NULL,
        source TEXT NOT NULL,
        retrieved_us INTEGER NOT NULL,
        document_id INTEGER REFERENCES document,
        mean_motion_rev_day REAL NOT NULL,
        eccentricity REAL NOT NULL,
        inclination_deg REAL NOT NULL,
        raan_deg REAL NOT NULL,
        argument_of_perigee_deg REAL NOT NULL,
        mean_anomaly_deg REAL NOT NULL,
        bstar_per_earth_radius REAL NOT NULL,
        mean_motion_dot_rev_day2 REAL NOT NULL,
        mean_motion_ddot_rev_day3 REAL NOT NULL,
        name TEXT NOT NULL,
        cospar_id TEXT NOT NULL,
        classification TEXT NOT NULL,
        ephemeris_type INTEGER NOT NULL,
        element_set_no INTEGER NOT NULL,
        rev_at_epoch INTEGER NOT NULL,
        PRIMARY KEY (norad_id, epoch_us, source)
    ) WITHOUT ROWID
    ;
INSERT INTO "element_set" VALUES(25544,1783654867908864,'celestrak',1783663200000000,1,15.48965714,0.00066838,51.6302,186.4276,277.889,82.1339,0.00011035045,5.628e-05,0.0,'OBJECT A','1998-067A','U',0,999,57531);
INSERT INTO "element_set" VALUES(25544,1783658467908864,'celestrak',1783666800000000,2,15.48965714,0.00066838,51.6302,186.4276,277.889,82.1339,0.00011035045,5.628e-05,0.0,'ISS (ZARYA)','1998-067A','U',0,999,57531);
INSERT INTO "element_set" VALUES(25544,1783658467908864,'file',1783670400000000,2,15.48965714,0.00066838,51.6302,186.4276,277.889,82.1339,0.00011035045,5.628e-05,0.0,'ISS (ZARYA)','1998-067A','U',0,999,57531);
INSERT INTO "element_set" VALUES(900000001,1783654867908864,'celestrak',1783663200000000,1,15.48965714,0.00066838,51.6302,186.4276,277.889,82.1339,0.00011035045,5.628e-05,0.0,'ISS (ZARYA)','1998-067A','U',0,999,57531);
CREATE TABLE fetch (
        fetch_id INTEGER PRIMARY KEY,
        source TEXT NOT NULL,
        request TEXT NOT NULL,
        asked_us INTEGER NOT NULL,
        outcome TEXT NOT NULL,
        message TEXT NOT NULL,
        next_allowed_us INTEGER,
        sets INTEGER NOT NULL,
        new INTEGER NOT NULL
    );
INSERT INTO "fetch" VALUES(1,'celestrak','*',1783663200000000,'refused','403',1783670400000000,0,0);
CREATE TABLE offer (
        offer_id INTEGER PRIMARY KEY,
        norad_id INTEGER NOT NULL,
        source TEXT NOT NULL,
        since_us INTEGER NOT NULL,
        offered INTEGER NOT NULL CHECK (offered IN (0, 1))
    );
INSERT INTO "offer" VALUES(1,43823,'celestrak',1783663200000000,0);
CREATE INDEX offer_of_object ON offer (norad_id, source);
CREATE INDEX fetch_of_request ON fetch (source, request);
CREATE TRIGGER document_refuses_update BEFORE UPDATE ON document BEGIN SELECT raise(ABORT, 'rows are only added'); END;
CREATE TRIGGER document_refuses_delete BEFORE DELETE ON document BEGIN SELECT raise(ABORT, 'rows are only added'); END;
CREATE TRIGGER element_set_refuses_update BEFORE UPDATE ON element_set BEGIN SELECT raise(ABORT, 'rows are only added'); END;
CREATE TRIGGER element_set_refuses_delete BEFORE DELETE ON element_set BEGIN SELECT raise(ABORT, 'rows are only added'); END;
CREATE TRIGGER designation_refuses_update BEFORE UPDATE ON designation BEGIN SELECT raise(ABORT, 'rows are only added'); END;
CREATE TRIGGER designation_refuses_delete BEFORE DELETE ON designation BEGIN SELECT raise(ABORT, 'rows are only added'); END;
CREATE TRIGGER offer_refuses_update BEFORE UPDATE ON offer BEGIN SELECT raise(ABORT, 'rows are only added'); END;
CREATE TRIGGER offer_refuses_delete BEFORE DELETE ON offer BEGIN SELECT raise(ABORT, 'rows are only added'); END;
CREATE TRIGGER fetch_refuses_update BEFORE UPDATE ON fetch BEGIN SELECT raise(ABORT, 'rows are only added'); END;
CREATE TRIGGER fetch_refuses_delete BEFORE DELETE ON fetch BEGIN SELECT raise(ABORT, 'rows are only added'); END;
COMMIT;
