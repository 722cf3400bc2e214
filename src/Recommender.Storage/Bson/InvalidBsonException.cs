namespace Recommender.Storage.Bson;

/// <summary>Bytes that are no BSON, or a value of another type than was asked for.</summary>
internal sealed class InvalidBsonException(string message, Exception? inner = null) : StoreException(message, inner);
