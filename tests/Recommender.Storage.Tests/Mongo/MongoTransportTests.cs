using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Recommender.Storage.Bson;
using Recommender.Storage.Mongo;

namespace Recommender.Storage.Tests.Mongo;

public sealed class MongoTransportTests : IAsyncDisposable
{
    private const string WrongPassword = "wr0ng-pa55";
    private static readonly MongoOptions _patience = new() { LongestOpening = TimeSpan.FromSeconds(1), LongestOperation = TimeSpan.FromSeconds(10) };

    private readonly MongoEngine _engine = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_document_comes_back_as_it_was_sent()
    {
        await using var transport = new MongoTransport(_engine.Uri, new MongoOptions());
        var things = new MongoDatabase(transport, _engine.Database, new MongoOptions(), TimeProvider.System).Collection("things");

        Assert.True(await things.TryInsertAsync(thing => thing.String("_id", "a\0b").Decimal("price", -12.950m).Strings("tags", ["x", "ü"]), Stop));
        Assert.False(await things.TryInsertAsync(thing => thing.String("_id", "a\0b"), Stop));

        string? found = await things.FindByIdAsync("a\0b", document =>
        {
            var fields = new BsonReader(document);
            string text = "";
            while (fields.Read()) text += fields.Is("price"u8) ? $"{fields.Decimal()};" : fields.Is("tags"u8) ? string.Join(',', fields.Strings()) : $"{fields.String().Length};";
            return text;
        }, Stop);
        Assert.Equal("3;-12.950;x,ü", found);
    }

    [Fact]
    public async Task More_documents_than_an_answer_holds_are_written_and_read_completely()
    {
        await using var transport = new MongoTransport(_engine.Uri, new MongoOptions());
        var things = Database(transport).Collection("things");
        string megabyte = new('x', 1_000_000);
        ReadOnlyMemory<byte>[] documents = [.. Enumerable.Range(0, 20).Select(i =>
        {
            using var writer = new BsonWriter();
            return (ReadOnlyMemory<byte>)writer.String("_id", $"{i:D2}").String("text", megabyte).Close().ToArray();
        })];

        Assert.Empty(await things.InsertAsync(documents, Stop));
        var lengths = await things.FindAsync(_ => { }, sort => sort.Int32("_id", 1), int.MaxValue, document => document.Length, MongoTarget.Primary, Stop);
        Assert.Equal(documents.Select(document => document.Length), lengths);
    }

    [Fact]
    public async Task Many_callers_share_few_connections_and_each_gets_its_own_answer()
    {
        await using var transport = new MongoTransport(_engine.Uri, new MongoOptions { Connections = 3 });
        var things = Database(transport).Collection("things");
        await Task.WhenAll(Enumerable.Range(0, 300).Select(async i =>
        {
            Assert.True(await things.TryInsertAsync(thing => thing.String("_id", $"{i}"), Stop));
            Assert.Equal($"{i}", await things.FindByIdAsync($"{i}", IdOf, Stop));
        }));
    }

    [Fact]
    public async Task An_index_is_built_on_a_connection_for_slow_work()
    {
        await using var transport = new MongoTransport(_engine.Uri, new MongoOptions());
        var database = Database(transport);
        Assert.Empty(await database.Collection("things").InsertAsync([MongoFaultTests.Thing("a")], Stop));
        (await database.RunAsync(command => command.String("createIndexes", "things").BeginArray("indexes")
            .BeginDocument().BeginDocument("key").Int32("quantity", 1).End().String("name", "by_quantity").End().End(), MongoTarget.PrimarySlowly, Stop)).Dispose();
        Assert.Equal(1, await database.Collection("things").CountAsync(_ => { }, Stop));
    }

    [Fact]
    public async Task A_command_that_the_server_does_not_know_is_refused_once_and_the_refusal_names_it()
    {
        await using var transport = new MongoTransport(_engine.Uri, new MongoOptions());
        var database = Database(transport);
        var refusal = await Assert.ThrowsAsync<MongoCommandException>(() => database.RunAsync(command => command.Int32("makeCoffee", 1), MongoTarget.Primary, Stop));
        Assert.Equal(59, refusal.Code);
        Assert.Contains("makeCoffee", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("59", refusal.Message, StringComparison.Ordinal);
        Assert.IsAssignableFrom<StoreException>(refusal);
        Assert.Equal(1, database.CommandsRun);
    }

    [Fact]
    public async Task A_password_and_an_encrypted_connection_are_what_the_uri_says()
    {
        await using var engine = new MongoEngine(MongoEngine.Tls);
        await using var transport = new MongoTransport(engine.Uri, new MongoOptions());
        var things = new MongoDatabase(transport, engine.Database, new MongoOptions(), TimeProvider.System).Collection("things");
        Assert.True(await things.TryInsertAsync(thing => thing.String("_id", "a"), Stop));
        Assert.Equal("a", await things.FindByIdAsync("a", IdOf, Stop));
    }

    [Fact]
    public async Task A_wrong_password_is_said_at_once_and_not_shown()
    {
        await using var engine = new MongoEngine(MongoEngine.Tls);
        string uri = engine.Uri;
        string credentials = new Uri(uri).UserInfo;
        await using var transport = new MongoTransport(uri.Replace(credentials, $"{credentials.Split(':')[0]}:{WrongPassword}", StringComparison.Ordinal), _patience);
        var database = Database(transport);

        var refusal = await Assert.ThrowsAsync<StoreException>(() => database.ConnectAsync(Stop));
        Assert.Contains("Check the name, the password", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(WrongPassword, refusal.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, database.CommandsRun);
    }

    [Fact]
    public async Task A_server_whose_certificate_nobody_vouches_for_is_refused_at_once()
    {
        await using var engine = new MongoEngine(MongoEngine.Tls);
        string uri = engine.Uri;
        string stranger = Path.GetTempFileName();
        using (var key = RSA.Create(2048))
        {
            var request = new CertificateRequest("CN=somebody else", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
            using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
            await File.WriteAllTextAsync(stranger, certificate.ExportCertificatePem(), Stop);
        }
        string option = uri.Split('?', '&').Single(part => part.StartsWith("tlsCAFile=", StringComparison.Ordinal));
        await using var transport = new MongoTransport(uri.Replace(option, $"tlsCAFile={stranger}", StringComparison.Ordinal), _patience);
        var database = Database(transport);

        var refusal = await Assert.ThrowsAsync<StoreException>(() => database.ConnectAsync(Stop));
        Assert.Contains("certificate", refusal.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(1, database.CommandsRun);
        File.Delete(stranger);
    }

    [Theory]
    [InlineData("mongodb://no-such-host.invalid/")]
    [InlineData("mongodb://127.0.0.1:1/")]
    [InlineData("mongodb+srv://no.such-name.invalid/")]
    public async Task A_server_that_is_not_there_is_said_within_the_time_of_an_opening(string uri)
    {
        await using var transport = new MongoTransport(uri, _patience);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Database(transport).ConnectAsync(Stop)).WaitAsync(TimeSpan.FromSeconds(5), Stop);
    }

    [Fact]
    public async Task Reads_that_may_go_elsewhere_go_where_the_uri_says_and_others_to_the_primary()
    {
        await using var engine = new MongoEngine(MongoEngine.ReplicaSet);
        string uri = engine.Uri;
        await using var transport = new MongoTransport($"{uri}{(uri.Contains('?', StringComparison.Ordinal) ? '&' : '?')}readPreference=secondary", new MongoOptions());
        var database = new MongoDatabase(transport, engine.Database, new MongoOptions(), TimeProvider.System);
        Assert.False(await IsPrimaryAsync(database, MongoTarget.Preferred));
        Assert.True(await IsPrimaryAsync(database, MongoTarget.Primary));
    }

    [Fact]
    public async Task No_more_wait_than_may_and_the_others_come_again_until_it_is_their_turn()
    {
        await using var proxy = new FaultyProxy(_engine.Uri) { Delay = TimeSpan.FromMilliseconds(20), Decide = name => name == "find" ? NetworkFault.Slow : NetworkFault.None };
        await using var transport = new MongoTransport(proxy.Uri, _patience with { Connections = 1, MostWaiting = 2 });
        var things = Database(transport).Collection("things");
        await things.InsertAsync([MongoFaultTests.Thing("a")], Stop);
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => things.FindByIdAsync("a", IdOf, Stop))), found => Assert.Equal("a", found));
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private MongoDatabase Database(IMongoTransport transport) => new(transport, _engine.Database, _patience, TimeProvider.System);

    private static string IdOf(ReadOnlySpan<byte> document)
    {
        var fields = new BsonReader(document);
        return fields.Find("_id"u8) ? fields.String() : "";
    }

    private static async Task<bool> IsPrimaryAsync(MongoDatabase database, MongoTarget target)
    {
        using var reply = await database.RunAsync(command => command.Int32("hello", 1), target, Stop);
        var fields = reply.Read();
        return fields.Find("isWritablePrimary"u8) && fields.Boolean();
    }
}
