namespace Recommender.Storage;

/// <summary>The store could not do what was asked. The message says which file, what is wrong and what to do.</summary>
public class StoreException : Exception
{
    public StoreException(string message) : base(message) { }

    public StoreException(string message, Exception? inner) : base(message, inner) { }
}

/// <summary>Another process, or this one, has the folder open.</summary>
public sealed class StoreInUseException(string message, Exception? inner) : StoreException(message, inner);

/// <summary>There was no room for a write. Nothing of it is kept, and the store goes on working: the same write succeeds once there is room.</summary>
public sealed class StoreFullException(string message) : StoreException(message);

/// <summary>The file is damaged, or is not one of ours.</summary>
public sealed class StoreCorruptException(string message, Exception? inner = null) : StoreException(message, inner);

/// <summary>The file was written by a newer version of this program.</summary>
public sealed class StoreTooNewException(string message) : StoreException(message);

/// <summary>The store cannot be reached, or did not answer in time. What was being written may have been written; sending it again is safe.</summary>
public sealed class StoreUnavailableException(string message, Exception? inner) : StoreException(message, inner);

/// <summary>The caller's deadline, or the longest time an operation is given, passed before the store had answered.</summary>
public sealed class StoreTimeoutException(string message, Exception? inner) : StoreException(message, inner);
