using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using MongoDB.Driver;
using Recommender.Storage.Mongo;

namespace Recommender.Storage.Driver;

/// <summary>What the driver is told: what the URI says, and our own choice where it says nothing.</summary>
internal static class DriverSettings
{
    /// <exception cref="StoreException">The driver does not take the URI.</exception>
    public static void Check(string uri)
    {
        MongoUri.Parse(uri);
        try { _ = new MongoUrl(uri); }
        // Its message has the whole URI in it, password and all, and must not go on.
        catch (Exception refusal) when (refusal is MongoException or ArgumentException or FormatException or OverflowException)
        {
            throw MongoUri.UnusableTo("MongoDB.Driver", "a part of it is not as the documentation of connection strings has it");
        }
    }

    public static MongoClientSettings Of(string uri, MongoOptions options)
    {
        var settings = MongoClientSettings.FromConnectionString(uri);
        var said = Options(uri);
        settings.ApplicationName ??= "recommender";
        if (!said.Contains("connectTimeoutMS")) settings.ConnectTimeout = options.Connecting;
        if (!said.Contains("serverSelectionTimeoutMS")) settings.ServerSelectionTimeout = options.ServerSelection;
        if (!said.Contains("socketTimeoutMS")) settings.SocketTimeout = options.Silence;
        if (!said.Contains("maxPoolSize")) settings.MaxConnectionPoolSize = options.Connections;
        if (!said.Contains("heartbeatFrequencyMS")) settings.HeartbeatInterval = options.Heartbeat;
        settings.HeartbeatTimeout = options.Connecting;
        // Ours is the only one who repeats a command.
        settings.RetryReads = settings.RetryWrites = false;
        // The driver passes over these two, which libmongoc and MongoDB's own tools know.
        if (said["tlsCAFile"].FirstOrDefault() is { } authorities) Trust(settings, authorities);
        if (said["tlsCertificateKeyFile"].FirstOrDefault() is { } own) Identify(settings, own, said["tlsCertificateKeyFilePassword"].FirstOrDefault());
        return settings;
    }

    public static MongoClientSettings OfSlow(string uri, MongoOptions options)
    {
        var settings = Of(uri, options);
        settings.SocketTimeout = options.SlowSilence;
        settings.MaxConnectionPoolSize = options.SlowConnections;
        return settings;
    }

    private static ILookup<string, string> Options(string uri)
    {
        int query = uri.IndexOf('?', StringComparison.Ordinal);
        string[] pairs = query < 0 ? [] : uri[(query + 1)..].Split(['&', ';'], StringSplitOptions.RemoveEmptyEntries);
        return pairs.Select(pair => pair.Split('=', 2)).ToLookup(pair => pair[0], pair => Uri.UnescapeDataString(pair[^1]), StringComparer.OrdinalIgnoreCase);
    }

    private static void Trust(MongoClientSettings settings, string file)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(file);
        Ssl(settings).ServerCertificateValidationCallback = (_, certificate, _, errors) =>
        {
            if (certificate is null || errors is not (SslPolicyErrors.None or SslPolicyErrors.RemoteCertificateChainErrors)) return false;
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            using var server = new X509Certificate2(certificate);
            return chain.Build(server);
        };
    }

    private static void Identify(MongoClientSettings settings, string file, string? password) =>
        Ssl(settings).ClientCertificates = [password is null ? X509Certificate2.CreateFromPemFile(file) : X509Certificate2.CreateFromEncryptedPemFile(file, password)];

    private static SslSettings Ssl(MongoClientSettings settings) => settings.SslSettings ??= new SslSettings();
}
