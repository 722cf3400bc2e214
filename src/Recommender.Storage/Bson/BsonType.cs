namespace Recommender.Storage.Bson;

/// <summary>The types that documents of a shop use (bsonspec.org 1.1); others are passed over when read.</summary>
internal enum BsonType : byte
{
    End = 0x00,
    Double = 0x01,
    String = 0x02,
    Document = 0x03,
    Array = 0x04,
    Binary = 0x05,
    ObjectId = 0x07,
    Boolean = 0x08,
    Date = 0x09,
    Null = 0x0A,
    Int32 = 0x10,
    Timestamp = 0x11,
    Int64 = 0x12,
    Decimal128 = 0x13,
}
