-- The reminder provider takes the text of all its queries from the table OrleansQuery.
CREATE TABLE IF NOT EXISTS OrleansQuery
(
    QueryKey  TEXT NOT NULL PRIMARY KEY,
    QueryText TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS OrleansRemindersTable
(
    ServiceId    TEXT   NOT NULL,
    GrainId      TEXT   NOT NULL,
    ReminderName TEXT   NOT NULL,
    StartTime    TEXT   NOT NULL,
    Period       BIGINT NOT NULL,
    GrainHash    INT    NOT NULL,
    Version      INT    NOT NULL,
    PRIMARY KEY (ServiceId, GrainId, ReminderName)
) WITHOUT ROWID;

INSERT OR REPLACE INTO OrleansQuery VALUES
('UpsertReminderRowKey',
 'INSERT INTO OrleansRemindersTable VALUES(@ServiceId,@GrainId,@ReminderName,@StartTime,@Period,@GrainHash,0)
  ON CONFLICT(ServiceId,GrainId,ReminderName)
  DO UPDATE SET StartTime=excluded.StartTime,Period=excluded.Period,GrainHash=excluded.GrainHash,Version=Version+1
  RETURNING Version;'),
('ReadReminderRowsKey',
 'SELECT GrainId,ReminderName,StartTime,Period,Version FROM OrleansRemindersTable WHERE ServiceId=@ServiceId AND GrainId=@GrainId;'),
('ReadReminderRowKey',
 'SELECT GrainId,ReminderName,StartTime,Period,Version FROM OrleansRemindersTable
  WHERE ServiceId=@ServiceId AND GrainId=@GrainId AND ReminderName=@ReminderName;'),
('ReadRangeRows1Key',
 'SELECT GrainId,ReminderName,StartTime,Period,Version FROM OrleansRemindersTable
  WHERE ServiceId=@ServiceId AND GrainHash>@BeginHash AND GrainHash<=@EndHash;'),
('ReadRangeRows2Key',
 'SELECT GrainId,ReminderName,StartTime,Period,Version FROM OrleansRemindersTable
  WHERE ServiceId=@ServiceId AND (GrainHash>@BeginHash OR GrainHash<=@EndHash);'),
('DeleteReminderRowKey',
 'DELETE FROM OrleansRemindersTable WHERE ServiceId=@ServiceId AND GrainId=@GrainId AND ReminderName=@ReminderName AND Version=@Version RETURNING 1;'),
('DeleteReminderRowsKey',
 'DELETE FROM OrleansRemindersTable WHERE ServiceId=@ServiceId;');
