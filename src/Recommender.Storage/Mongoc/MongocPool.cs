using Microsoft.Win32.SafeHandles;
using Recommender.Storage.Mongo;

namespace Recommender.Storage.Mongoc;

/// <summary>
/// Clients of one deployment, which share what is known of its servers. It lives until nobody holds a client: a thread that is still inside a call keeps it.
/// </summary>
internal sealed class MongocPool : SafeHandleZeroOrMinusOneIsInvalid
{
    private const int MostClients = 256;

    private MongocPool(nint pool) : base(ownsHandle: true) => SetHandle(pool);

    /// <summary>How many clients there may be: what the URI says, or else <paramref name="otherwise"/>.</summary>
    /// <exception cref="StoreException">libmongoc is not installed, or does not take the URI.</exception>
    public static int Limit(string uri, int otherwise)
    {
        MongocLibrary.Demand();
        // Before anything that could write a line.
        Native.LogTo(0, 0);
        Native.Initialise();
        nint parsed = Parse(uri);
        try { return Math.Clamp(Native.OptionOf(parsed, "maxPoolSize", otherwise), 1, MostClients); }
        finally { Native.DestroyUri(parsed); }
    }

    /// <summary>Looks up the servers of a <c>mongodb+srv</c> URI; others are found later.</summary>
    /// <param name="silence">How long a server may say nothing, if the URI does not say.</param>
    /// <exception cref="MongoConnectionException">The servers cannot be looked up.</exception>
    public static unsafe MongocPool Open(string uri, MongoOptions options, TimeSpan silence, int clients)
    {
        nint parsed = Parse(uri);
        try
        {
            if (Native.ApplicationOf(parsed) is null) Native.SetApplication(parsed, "recommender");
            Default(parsed, "connectTimeoutMS", options.Connecting);
            Default(parsed, "serverSelectionTimeoutMS", options.ServerSelection);
            Default(parsed, "heartbeatFrequencyMS", options.Heartbeat);
            Default(parsed, "socketTimeoutMS", silence);
            BsonError error = default;
            nint pool = Native.NewPool(parsed, &error);
            if (pool == 0) throw new MongoConnectionException(error.ToString(), timedOut: false);
            Native.LimitPool(pool, (uint)clients);
            Native.SetErrorVersion(pool, 2);
            return new MongocPool(pool);
        }
        finally { Native.DestroyUri(parsed); }
    }

    /// <summary>A client for the calling thread alone, made if there is none.</summary>
    public MongocClient Rent()
    {
        bool held = false;
        DangerousAddRef(ref held);
        return new MongocClient(this, Native.Pop(handle));
    }

    public void Return(nint client)
    {
        Native.Push(handle, client);
        DangerousRelease();
    }

    protected override bool ReleaseHandle()
    {
        Native.DestroyPool(handle);
        return true;
    }

    private static void Default(nint uri, string option, TimeSpan value)
    {
        if (!Native.HasOption(uri, option)) Native.SetOption(uri, option, (int)Math.Clamp(value.TotalMilliseconds, 1, int.MaxValue));
    }

    private static unsafe nint Parse(string uri)
    {
        // First ours: libmongoc takes for the name of a server what stands behind an @ in a password, and would name it.
        MongoUri.Parse(uri);
        BsonError error = default;
        nint parsed = Native.NewUri(uri, &error);
        return parsed != 0 ? parsed : throw MongoUri.UnusableTo("libmongoc", error.ToString());
    }
}

/// <summary>One client: its connections, used by one thread at a time.</summary>
internal sealed class MongocClient(MongocPool pool, nint client) : IDisposable
{
    public nint Pointer => client;

    public void Dispose() => pool.Return(client);
}
