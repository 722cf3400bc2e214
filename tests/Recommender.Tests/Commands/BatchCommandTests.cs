using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Recommender.Cli;
using Recommender.Cli.Commands;
using Recommender.Cli.Terminal;
using Recommender.Interactions;
using Recommender.Protocol.V1;
using Recommender.Server;
using Recommender.Server.Training;
using Recommender.Storage;
using Recommender.Tests.Server;
using AttributeValue = Recommender.Catalogue.AttributeValue;
using Item = Recommender.Catalogue.Item;

namespace Recommender.Tests.Commands;

public sealed class BatchCommandTests : IAsyncLifetime
{
    private const int Customers = 6000;

    private readonly string _folder = Directory.CreateTempSubdirectory("batch-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Place => Path.Combine(_folder, "shop");

    public async ValueTask InitializeAsync()
    {
        await using var shop = await Shop.OpenAsync(new ShopOptions { Store = ShopLocation.Parse(Place) }, TimeProvider.System, NullLoggerFactory.Instance, Stop);
        await shop.Live.UpsertItemsAsync([.. Enumerable.Range(0, 200).Select(Book)], Stop);
        var random = new Random(5);
        var events = new List<ShopEvent>();
        for (int customer = 0; customer < Customers; customer++)
        {
            for (int n = 0; n < 3; n++)
                events.Add(new ShopEvent { EventId = $"{customer}-{n}", Type = EventTypes.Purchase, Person = Person.Customer($"c-{customer:0000}"), ItemId = $"book-{random.Next(200)}", OccurredAt = DateTimeOffset.UnixEpoch.AddDays(20_000) });
        }
        await shop.RecordAsync(events, Stop);
        await shop.Models.TrainAsync(PlantedShop.Small, PublishWish.Force, 2, new Progress<TrainingStep>(), Stop);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_file_whose_writing_is_killed_several_times_is_at_last_the_one_that_was_not()
    {
        string whole = Out("whole.csv"), killed = Out("killed.csv");
        var (exitCode, output, error) = await BatchAsync(whole, "--count", "100", "--preview");
        Assert.True(exitCode == ExitCode.Done, error);
        Assert.Contains("6,000 have recommendations, 600,000 in all", output, StringComparison.Ordinal);

        long last = 0;
        int kills = 0;
        for (; kills < 4; kills++)
        {
            using var command = CommandProcess.Start([.. Arguments(killed), "--count", "100", "--preview", "--resume"]);
            // At any moment, in the middle of a line too.
            if (!await GrowsAsync(killed + ".part", last + 100_000, command)) break;
            last = new FileInfo(killed + ".part").Length;
            command.Kill();
            await command.EndAsync();
            Assert.False(File.Exists(killed));
        }
        Assert.True(kills > 1, "it was too quick to be killed");
        Assert.Equal(ExitCode.Done, (await BatchAsync(killed, "--count", "100", "--preview", "--resume")).ExitCode);

        Assert.Equal(await File.ReadAllTextAsync(whole, Stop), await File.ReadAllTextAsync(killed, Stop));
        Assert.Equal([killed, whole], Directory.GetFiles(_folder).Order(StringComparer.Ordinal));
        var again = await BatchAsync(killed, "--count", "100", "--preview", "--resume");
        Assert.Equal(ExitCode.Done, again.ExitCode);
        Assert.Contains("is whole already", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task JSON_lines_have_a_customer_each_and_the_summary_tells_who_is_silent_and_why()
    {
        string file = Out("mailing.jsonl"), list = Path.Combine(_folder, "list.txt");
        await File.WriteAllLinesAsync(list, ["c-0002", "", "c-0001", "nobody "], Stop);
        var (exitCode, output, error) = await BatchAsync(file, "--count", "3", "--customers", list, "--reasons", "--properties", "title");
        Assert.True(exitCode == ExitCode.Done, error);
        string[] lines = await File.ReadAllLinesAsync(file, Stop);
        var people = lines.Select(line => JsonNode.Parse(line)!).ToArray();
        Assert.Equal(["c-0001", "c-0002", "nobody"], people.Select(one => one["customer_id"]!.GetValue<string>()));
        Assert.All(people, one => Assert.Equal(3, one["items"]!.AsArray().Count));
        Assert.All(people, one => Assert.StartsWith("Book \"", one["items"]![0]!["properties"]!["title"]!["text"]!.GetValue<string>(), StringComparison.Ordinal));
        Assert.NotEmpty(people[0]["items"]![0]!["reasons"]!.AsArray());
        Assert.Contains("3 people", output, StringComparison.Ordinal);

        var mail = await BatchAsync(Out("mail.csv"), "--count", "3", "--customers", list, "--channel", "mail");
        Assert.Contains("3 are not to be addressed: they have not agreed, or declined", mail.Output, StringComparison.Ordinal);
        Assert.Equal(["customer_id,recommendation_id,rank,item_id,score,source,reason,silent"], await File.ReadAllLinesAsync(Out("mail.csv"), Stop));
        await BatchAsync(Out("told.csv"), "--count", "3", "--customers", list, "--channel", "mail", "--silent", "--json");
        Assert.Equal("nobody,,,,,,,customer nobody has not agreed to marketing by mail", (await File.ReadAllLinesAsync(Out("told.csv"), Stop))[^1]);
    }

    [Fact]
    public async Task Text_that_CSV_would_misread_is_quoted()
    {
        Assert.Equal(ExitCode.Done, (await BatchAsync(Out("q.csv"), "--count", "2", "--preview", "--properties", "title")).ExitCode);
        string line = (await File.ReadAllLinesAsync(Out("q.csv"), Stop))[1];
        Assert.Matches("^c-0000,,1,book-[0-9]+,[-0-9.E]+,personalised,\"Book \"\"[0-9]+\"\", bound\",,$", line);
    }

    [Fact]
    public async Task What_would_destroy_or_mix_a_file_is_refused_and_leaves_it_as_it_was()
    {
        string file = Out("there.csv");
        await File.WriteAllTextAsync(file, "kept", Stop);
        Assert.Contains("is there already", (await BatchAsync(file)).Error, StringComparison.Ordinal);
        Assert.Equal("kept", await File.ReadAllTextAsync(file, Stop));

        string begun = Out("begun.csv");
        await File.WriteAllTextAsync(begun + ".part", "half", Stop);
        Assert.Contains("go on with --resume", (await BatchAsync(begun)).Error, StringComparison.Ordinal);
        Assert.Equal("half", await File.ReadAllTextAsync(begun + ".part", Stop));
        var state = BatchState.Start("of something else") with { Token = "t", Bytes = 4 };
        await File.WriteAllTextAsync(begun + ".state", System.Text.Json.JsonSerializer.Serialize(state, System.Text.Json.JsonSerializerOptions.Web), Stop);
        Assert.Contains("begun with other options", (await BatchAsync(begun, "--resume")).Error, StringComparison.Ordinal);
        Assert.Equal("half", await File.ReadAllTextAsync(begun + ".part", Stop));
    }

    [Fact]
    public async Task What_cannot_be_asked_or_written_is_said_in_a_sentence_and_leaves_nothing_in_the_way()
    {
        var scenario = await BatchAsync(Out("s.csv"), "--scenario", "hom");
        Assert.Equal(ExitCode.Failed, scenario.ExitCode);
        Assert.Contains("there is no scenario \"hom\"", scenario.Error, StringComparison.Ordinal);
        var nowhere = await BatchAsync(Path.Combine(_folder, "no", "such", "folder", "x.csv"));
        Assert.Equal(ExitCode.Failed, nowhere.ExitCode);
        Assert.Contains("x.csv.part", nowhere.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", scenario.Error + nowhere.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task What_is_boosted_comes_first_and_what_is_excluded_not_at_all()
    {
        string list = Path.Combine(_folder, "list.txt");
        await File.WriteAllLinesAsync(list, ["c-0001", "nobody"], Stop);
        string[] asked = ["--customers", list, "--count", "4", "--preview"];
        string[] plain = await OfferedAsync("plain.csv", asked);
        var (exitCode, _, error) = await BatchAsync(Out("boosted.csv"), [.. asked, "--exclude", plain[0], plain[1], "--exclude", plain[2],
            "--boost", $"100:{Is(150)}", "--boost", $" 50 : {Is(151)}", "--boost", $"0.01: {Is(152)}"]);
        Assert.True(exitCode == ExitCode.Done, error);
        string[] boosted = await OfferedAsync("boosted.csv", null);

        Assert.Equal(8, boosted.Length);
        Assert.Equal(["book-150", "book-151"], boosted[4..6]);
        Assert.Empty(boosted.Intersect([.. plain[..3], "book-152"]));

        static string Is(int number) => $"item.title == 'Book \"{number}\", bound'";
    }

    [Theory]
    [InlineData("--boost must be a factor, a colon and an expression", "twice: item.price < 20.0")]
    [InlineData("--boost must be a factor, a colon and an expression", "item.price")]
    [InlineData("factor", "NaN: item.price < 20.0")]
    [InlineData("factor", "0: item.price < 20.0")]
    [InlineData("did you mean item.title?", "2: item.titel == 'x'")]
    public async Task A_boost_that_cannot_be_is_refused_with_what_is_wrong_and_leaves_no_file(string expected, string boost)
    {
        var (exitCode, _, error) = await BatchAsync(Out("boost.csv"), "--preview", "--boost", boost);
        Assert.NotEqual(ExitCode.Done, exitCode);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task A_server_that_speaks_TLS_is_asked_only_where_its_certificate_is_trusted()
    {
        string trusted = Path.Combine(_folder, "trusted.pem"), key = Path.Combine(_folder, "key.pem");
        using (var pair = RSA.Create(2048))
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddIpAddress(IPAddress.Loopback);
            var request = new CertificateRequest("CN=a shop", pair, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            request.CertificateExtensions.Add(names.Build());
            var now = TimeProvider.System.GetUtcNow();
            using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
            await File.WriteAllTextAsync(trusted, certificate.ExportCertificatePem(), Stop);
            await File.WriteAllTextAsync(key, pair.ExportPkcs8PrivateKeyPem(), Stop);
        }
        using var server = CommandProcess.Start(
            "serve", "--store", Place, "--port", "0", "--http-port", "0", "--tls-cert", trusted, "--tls-key", key);
        string address = (await ServeTests.AddressAsync(server)).Replace("http://", "https://", StringComparison.Ordinal);
        string unencrypted = address.Replace("https", "http", StringComparison.Ordinal);
        string[] ask = ["batch", "--address", address, "--count", "1", "--preview"];

        var stranger = await CommandProcess.RunAsync([.. ask, "--out", Out("stranger.csv")]);
        var known = await CommandProcess.RunAsync([.. ask, "--out", Out("known.csv"), "--tls-ca", trusted]);
        var open = await CommandProcess.RunAsync("batch", "--address", unencrypted, "--out", Out("open.csv"), "--tls-ca", trusted);
        var own = await BatchAsync(Out("own.csv"), "--tls-ca", trusted);

        Assert.Equal(ExitCode.Failed, stranger.ExitCode);
        Assert.DoesNotContain("   at ", stranger.Error, StringComparison.Ordinal);
        Assert.True(known.ExitCode == ExitCode.Done, known.Error);
        Assert.Equal(Customers + 1, (await File.ReadAllLinesAsync(Out("known.csv"), Stop)).Length);
        Assert.Equal(ExitCode.Failed, open.ExitCode);
        Assert.Contains("nothing to trust", open.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, own.ExitCode);
        Assert.Contains("--tls-ca is for a server", own.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_is_said_and_whether_anything_is_kept()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "this system has no /dev/full to write to");
        string file = Out("full.csv");
        File.CreateSymbolicLink(file + ".part", "/dev/full");

        var full = await BatchAsync(file, "--preview", "--resume");

        Assert.Equal(ExitCode.Failed, full.ExitCode);
        Assert.Contains("No space left on device", full.Error, StringComparison.Ordinal);
        // Nothing is there to go on with.
        Assert.Contains("begin anew", full.Error, StringComparison.Ordinal);
        Assert.Null(new FileInfo(file + ".part").LinkTarget);
        Assert.DoesNotContain("   at ", full.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_is_broken_off_goes_on_behind_what_counts_and_never_twice()
    {
        string file = Out("steps.csv");
        var clock = new MovableClock();
        RecommendBatchResponse[] messages = [.. Enumerable.Range(1, 6).Select(n => new RecommendBatchResponse
        {
            Recommendations = { new BatchRecommendation { CustomerId = $"c{n}", Items = { new RecommendedItem { ItemId = $"i{n}" } }, Pressure = new() { Allowed = true } } },
            ResumeToken = $"{n}",
            Progress = new BatchProgress { Done = n, Of = 6 },
        })];
        // Kept after 2, written up to 4, as kill -9 leaves it.
        using (var begun = BatchFile.Open(file, "same", resume: false))
        {
            begun.Write(Lines.Head);
            foreach (var message in messages[..2]) begun.Write(Lines.Of(message.Recommendations[0]));
            begun.Keep(begun.State with { Token = "2", Done = 2, People = 2, Items = 2 });
            foreach (var message in messages[2..4]) begun.Write(Lines.Of(message.Recommendations[0]));
        }
        // Then cancelled behind the fourth.
        using (var again = BatchFile.Open(file, "same", resume: true))
        {
            Assert.Equal("2", again.State.Token);
            var run = new BatchRun(again, Lines, clock);
            await Assert.ThrowsAsync<OperationCanceledException>(() => run.WriteAsync(From(messages[2..4], () => throw new OperationCanceledException()), new Progress<Step>(), Stop));
        }
        using (var last = BatchFile.Open(file, "same", resume: true))
        {
            Assert.Equal("4", last.State.Token);
            var state = await new BatchRun(last, Lines, clock).WriteAsync(From(messages[4..], () => { }), new Progress<Step>(), Stop);
            Assert.Equal((6, 6, 6), (state.Done, state.People, state.Items));
        }

        string[] lines = await File.ReadAllLinesAsync(file, Stop);
        Assert.Equal(["customer_id", "c1", "c2", "c3", "c4", "c5", "c6"], lines.Select(line => line.Split(',')[0]));
        Assert.Equal([file], Directory.GetFiles(_folder));
    }

    [Fact]
    public void What_an_ended_or_deleted_run_left_behind_is_not_taken_for_a_new_one()
    {
        string file = Out("anew.csv");
        using (var first = BatchFile.Open(file, "same", resume: false))
        {
            first.Write("head\n"u8);
            first.Keep(first.State with { Token = "7", Done = 7 });
        }
        File.Delete(file + ".part");
        BatchFile.Open(file, "same", resume: false).Dispose();
        // As a kill leaves it before anything of it counts.
        File.WriteAllText(file + ".part", "head\nhalf");
        using var again = BatchFile.Open(file, "same", resume: true);
        Assert.Equal((0, "", 0), (again.State.Done, again.State.Token, again.Length));
    }

    [Fact]
    public async Task A_long_list_is_asked_for_in_chunks_and_goes_on_from_any_message()
    {
        string[] ids = [.. Enumerable.Range(0, 25).Select(n => $"c{n:00}")];
        var chunks = new BatchChunks(new RecommendBatchRequest { Count = 1 }, ids.Reverse().Append("c03"), mostPeople: 10);
        var whole = await RestAsync("");
        Assert.Equal(ids, whole.SelectMany(message => message.Recommendations).Select(one => one.CustomerId));
        Assert.Equal((25, 25, 3), (whole[^1].Progress.Done, whole[^1].Progress.Of, whole[^1].Progress.Silent["consent"]));
        for (int i = 0; i < whole.Count; i++)
        {
            var rest = await RestAsync(whole[i].ResumeToken);
            Assert.Equal(whole.Skip(i + 1).SelectMany(message => message.Recommendations), rest.SelectMany(message => message.Recommendations));
            Assert.Equal(whole[^1].Progress, rest[^1].Progress);
        }
        Assert.NotEqual(chunks.HashOf("csv"), new BatchChunks(new RecommendBatchRequest { Count = 1 }, ids, mostPeople: 9).HashOf("csv"));

        async Task<List<RecommendBatchResponse>> RestAsync(string token)
        {
            var messages = new List<RecommendBatchResponse>();
            await foreach (var message in chunks.AskAsync(token, Answers, Stop)) messages.Add(message);
            return messages;
        }

        // Two a message; of each chunk's people one is silent.
        static async IAsyncEnumerable<RecommendBatchResponse> Answers(RecommendBatchRequest request)
        {
            await Task.Yield();
            Assert.InRange(request.CustomerIds.Count, 1, 10);
            int done = request.ResumeToken.Length > 0 ? int.Parse(request.ResumeToken, System.Globalization.CultureInfo.InvariantCulture) : 0;
            do
            {
                string[] next = [.. request.CustomerIds.Skip(done).Take(2)];
                done += next.Length;
                yield return new RecommendBatchResponse
                {
                    Recommendations = { next.Select(id => new BatchRecommendation { CustomerId = id }) },
                    ResumeToken = $"{done}",
                    Progress = new BatchProgress { Done = done, Of = 10, Silent = { ["consent"] = 1 } },
                };
            }
            while (done < request.CustomerIds.Count);
        }
    }

    [Fact]
    public async Task A_list_longer_than_a_call_may_have_is_written_whole()
    {
        string file = Out("long.jsonl"), list = Path.Combine(_folder, "long.txt");
        await File.WriteAllLinesAsync(list, Enumerable.Range(0, 100_500).Select(n => $"nobody-{n}"), Stop);
        // Nobody agreed to mail: quick, and all are counted.
        var (exitCode, output, error) = await BatchAsync(file, "--customers", list, "--channel", "mail", "--count", "1");
        Assert.True(exitCode == ExitCode.Done, error);
        Assert.Contains("100,500 are not to be addressed", output, StringComparison.Ordinal);
        await File.WriteAllTextAsync(list, "a\n\n" + new string('b', 200), Stop);
        Assert.Contains("line 3: the id has 200 bytes", (await BatchAsync(Out("bad.csv"), "--customers", list)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asked_of_a_server_the_file_is_the_same()
    {
        string own = Out("own.csv"), asked = Out("asked.csv");
        await BatchAsync(own, "--count", "2", "--preview");
        await using var shop = await Shop.OpenAsync(new ShopOptions { Store = ShopLocation.Parse(Place) }, TimeProvider.System, NullLoggerFactory.Instance, Stop);
        await using var app = ServerHost.Build(shop, new ServerOptions { GrpcPort = 0, HttpPort = 0 }, TimeProvider.System, _ => { });
        await app.StartAsync(Stop);
        var addresses = ServerAddresses.Of(Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>(app.Services)
            .Features.Get<Microsoft.AspNetCore.Hosting.Server.Features.IServerAddressesFeature>()!.Addresses);

        var inUse = await BatchAsync(Out("in-use.csv"), "--preview");
        var (exitCode, _, error) = await CommandProcess.RunAsync("batch", "--address", addresses.Grpc.ToString(), "--out", asked, "--count", "2", "--preview");

        Assert.True(exitCode == ExitCode.Done, error);
        Assert.Equal(await File.ReadAllTextAsync(own, Stop), await File.ReadAllTextAsync(asked, Stop));
        Assert.Equal(ExitCode.Failed, inUse.ExitCode);
        Assert.Contains("--address", inUse.Error, StringComparison.Ordinal);
        await app.StopAsync(Stop);
    }

    private static BatchLines Lines => BatchLines.Of("csv", []);

    private string Out(string name) => Path.Combine(_folder, name);

    /// <summary>The items of a file, which is written first where arguments are given.</summary>
    private async Task<string[]> OfferedAsync(string name, string[]? arguments)
    {
        if (arguments is not null) Assert.Equal(ExitCode.Done, (await BatchAsync(Out(name), arguments)).ExitCode);
        return [.. (await File.ReadAllLinesAsync(Out(name), Stop)).Skip(1).Select(line => line.Split(',')[3])];
    }

    private string[] Arguments(string file) => ["batch", "--store", Place, "--out", file];

    private Task<(int ExitCode, string Output, string Error)> BatchAsync(string file, params string[] more) => CommandProcess.RunAsync([.. Arguments(file), .. more]);

    private static async IAsyncEnumerable<RecommendBatchResponse> From(RecommendBatchResponse[] messages, Action then)
    {
        foreach (var message in messages)
        {
            await Task.Yield();
            yield return message;
        }
        then();
    }

    /// <summary>False if the process ends before.</summary>
    private static async Task<bool> GrowsAsync(string path, long beyond, CommandProcess command)
    {
        var ended = command.EndAsync();
        while (!File.Exists(path) || new FileInfo(path).Length < beyond)
        {
            if (ended.IsCompleted) return false;
            await Task.Delay(5, Stop);
        }
        return true;
    }

    private static Item Book(int number) => new($"book-{number}")
    {
        Attributes = System.Collections.Immutable.ImmutableSortedDictionary<string, AttributeValue>.Empty.Add("title", new AttributeValue.Text($"Book \"{number}\", bound")),
    };
}
