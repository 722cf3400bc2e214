using Recommender.Catalogue;
using Recommender.Cli.Importing;
using Recommender.Customers;
using Recommender.Interactions;
using Recommender.Server.Profiles;
using Recommender.Storage;
using Recommender.Storage.Sqlite;

namespace Recommender.Tests.Importing;

public sealed class ImporterTests : IAsyncLifetime
{
    private readonly SourceFolder _folder = new();
    private readonly string _data = Directory.CreateTempSubdirectory("recommender-shop-").FullName;
    private SqliteShopStore _store = null!;

    public async ValueTask InitializeAsync() => _store = await SqliteShopStore.OpenAsync(_data, TimeProvider.System, default);

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_data, recursive: true);
        _folder.Dispose();
    }

    [Fact]
    public async Task A_second_import_finds_everything_there_and_changes_nothing()
    {
        WriteLog(12_000);
        ImportSummary first = await ImportAsync();
        Assert.Equal((12_000, 0, 100), (first.NewEvents, first.DuplicateEvents, first.Items));
        Assert.True(first.Complete);
        string before = await StateAsync();

        ImportSummary second = await ImportAsync();
        Assert.Equal((0, 12_000, 0), (second.NewEvents, second.DuplicateEvents, second.ConflictingEvents));
        Assert.True(second.Complete);
        Assert.False(second.Resumed);
        Assert.Equal(before, await StateAsync());
    }

    [Fact]
    public async Task Every_item_that_an_event_names_gets_into_the_catalogue_and_what_is_known_of_one_stays()
    {
        var lamp = new Item("i1") { Attributes = new Attributes().Text("title", "Lamp").Build() };
        await _store.Items.UpsertAsync(Tenant.Default, [lamp], default);
        _folder.Write("log.csv", "user,item", "u1,i1", "u1,i2");
        await ImportAsync();
        Assert.Equal(lamp, await _store.Items.FindAsync(Tenant.Default, "i1", default));
        Assert.Equal(new Item("i2"), await _store.Items.FindAsync(Tenant.Default, "i2", default));
    }

    [Fact]
    public async Task An_interrupted_import_goes_on_where_it_was_and_ends_as_if_it_had_not_been_interrupted()
    {
        WriteLog(23_000, bad: "u1,,2024-05-01");
        using var stopping = new CancellationTokenSource();
        var progress = new Reports(report => { if (report.Events >= 10_000) stopping.Cancel(); });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ImportAsync(progress, stopping.Token));
        long there = (await _store.Events.SizeAsync(Tenant.Default, default)).Events;
        Assert.InRange(there, 9_000, 22_000);

        ImportSummary rest = await ImportAsync();
        Assert.True(rest.Resumed);
        Assert.Equal((23_000, 0, 1), (rest.NewEvents + rest.DuplicateEvents, rest.ConflictingEvents, rest.RejectedLines));
        Assert.Equal(23_000, (await _store.Events.SizeAsync(Tenant.Default, default)).Events);
        Assert.Equal(3, Assert.Single(rest.Examples).Place.Line);
        Assert.False((await ImportAsync()).Resumed);
    }

    [Fact]
    public async Task A_source_that_changed_after_an_interruption_is_read_from_its_start()
    {
        WriteLog(23_000);
        using var stopping = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ImportAsync(new Reports(_ => stopping.Cancel()), stopping.Token));
        WriteLog(23_001);
        ImportSummary whole = await ImportAsync();
        Assert.False(whole.Resumed);
        Assert.Equal(23_001, whole.Events);
    }

    [Fact]
    public async Task The_same_id_with_other_content_is_a_conflict_with_its_place_and_the_first_stays()
    {
        _folder.Write("log.csv", "user,item,event_id", "u1,i1,e1", "u1,i2,e2", "u9,i9,e1");
        ImportSummary summary = await ImportAsync();
        Assert.Equal((2, 1), (summary.NewEvents, summary.ConflictingEvents));
        Assert.False(summary.Complete);
        RejectedLine conflict = Assert.Single(summary.Examples);
        Assert.Equal((new Place("log.csv", 4), "e1"), (conflict.Place, conflict.Value));
        Assert.Equal("i1", (await _store.Events.FindAsync(Tenant.Default, "e1", default))!.Value.Event.ItemId);
    }

    [Fact]
    public async Task Bad_lines_are_counted_all_and_shown_up_to_a_hundred_and_the_rest_is_imported()
    {
        var lines = Enumerable.Range(0, 300).Select(i => $"u{i},i{i},{(i % 2 == 0 ? "2024-05-01" : "sometime")}");
        _folder.Write("log.csv", lines.Prepend("user,item,time"));
        ImportSummary summary = await ImportAsync();
        Assert.Equal((150, 150, 100), (summary.NewEvents, summary.RejectedLines, summary.Examples.Length));
        Assert.False(summary.Complete);
    }

    [Fact]
    public async Task What_the_service_would_refuse_is_refused_here_too()
    {
        string longId = new('o', 129);
        _folder.Write("log.csv", "user,item,time,order_id", "u1,i1,1931-05-01,", $"u1,i1,2024-05-01,{longId}", "u1,i1,2024-05-01,o1");
        ImportSummary summary = await ImportAsync();
        Assert.Equal((1, 2), (summary.NewEvents, summary.RejectedLines));
        Assert.Equal(["occurred_at", "order_id"], summary.Examples.Select(line => line.Column));
    }

    [Fact]
    public async Task Progress_ends_with_all_bytes_read()
    {
        WriteLog(12_000);
        var progress = new Reports(_ => { });
        await ImportAsync(progress);
        Assert.True(progress.All.Count >= 3);
        Assert.Equal(progress.All[^1].BytesTotal, progress.All[^1].BytesRead);
        Assert.Equal(12_000, progress.All[^1].Events);
        Assert.Equal(progress.All.Select(report => report.BytesRead).Order(), progress.All.Select(report => report.BytesRead));
    }

    [Fact]
    public async Task An_import_does_not_bring_back_who_asked_to_be_forgotten_and_takes_everybody_else()
    {
        await _store.Erasures.EraseAsync(Tenant.Default, [Person.Customer("gone")], "receipt", TimeProvider.System.GetUtcNow(), Erasure.Nothing, default);
        _folder.Write("log.csv", "user,item", "u1,i1", "gone,i2", "u2,i3");

        ImportSummary summary = await ImportAsync();

        Assert.Equal((2, 1), (summary.NewEvents, summary.RejectedLines));
        Assert.Empty(await _store.Events.ReadPersonAsync(Tenant.Default, Person.Customer("gone"), default));
        string rejected = Assert.Single(summary.Examples).ToString();
        Assert.Contains("line 3", rejected, StringComparison.Ordinal);
        Assert.Contains("asked to be forgotten", rejected, StringComparison.Ordinal);
        Assert.DoesNotContain("gone", rejected, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_imported_customers_the_erased_and_those_whom_the_profile_schema_refuses_are_left_out()
    {
        await _store.Erasures.EraseAsync(Tenant.Default, [Person.Customer("gone")], "receipt", TimeProvider.System.GetUtcNow(), Erasure.Nothing, default);
        var schema = new ProfileSchema(ProfileSchema.Empty.Attributes.Add("city", new ProfileAttribute(AttributeKind.Text, "", [])));
        await _store.Settings.SetAsync(Tenant.Default, CustomerProfiles.SchemaSetting, schema.ToJson(), default);
        Admission admission = await Admission.OfAsync(_store, Tenant.Default, default);

        Assert.IsType<CustomerRecord>(admission.Checked(Stated("right", "city")));
        Assert.Contains("asked to be forgotten", Assert.IsType<RejectedLine>(admission.Checked(Stated("gone", "city"))).Problem, StringComparison.Ordinal);
        var refused = Assert.IsType<RejectedLine>(admission.Checked(Stated("typo", "ctiy")));
        Assert.Equal(("ctiy", "typo"), (refused.Column, refused.Value));
        Assert.Contains("city", refused.Problem, StringComparison.Ordinal);

        static CustomerRecord Stated(string id, string attribute) =>
            new(new Place("customers.csv", 2), new Customer(id) { Attributes = new Attributes().Text(attribute, "Graz").Build() });
    }

    [Theory]
    [InlineData("goodboks", "did you mean \"goodbooks\"?")]
    [InlineData("oracle", "the sources are goodbooks, online-retail")]
    public void An_unknown_source_names_the_nearest_or_all(string name, string message) =>
        Assert.Contains(message, Assert.Throws<ImportException>(() => ImportSource.Named(name)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_folder_without_the_expected_files_says_which_one_is_missing()
    {
        _folder.Write("books.csv", "book_id,title,authors");
        var importer = new Importer(_store, Tenant.Default, TimeProvider.System, batchSize: 5_000);
        var error = await Assert.ThrowsAsync<ImportException>(
            () => importer.RunAsync(ImportSource.Named("goodbooks"), _folder.Path, SourceFolder.Options, null, default));
        Assert.Contains("ratings.csv", error.Message, StringComparison.Ordinal);
    }

    private void WriteLog(int lines, string? bad = null)
    {
        var good = Enumerable.Range(0, lines).Select(i => $"u{i % 1_000},i{i % 100},{1_714_557_600 + i}").ToList();
        if (bad is not null) good.Insert(1, bad);
        _folder.Write("log.csv", ["user,item,time", .. good]);
    }

    private Task<ImportSummary> ImportAsync(IProgress<ImportProgress>? progress = null, CancellationToken cancellation = default) =>
        new Importer(_store, Tenant.Default, TimeProvider.System, batchSize: 5_000)
            .RunAsync(ImportSource.Named("csv"), Path.Combine(_folder.Path, "log.csv"), SourceFolder.Options, progress, cancellation);

    private async Task<string> StateAsync()
    {
        var events = new List<ShopEvent>();
        await foreach (StoredEvent stored in _store.Events.ReadSinceAsync(Tenant.Default, 0, default)) events.Add(stored.Event);
        return string.Join('\n', events) + string.Join('\n', await _store.Items.ListAsync(Tenant.Default, null, 1_000, default));
    }

    private sealed class Reports(Action<ImportProgress> onReport) : IProgress<ImportProgress>
    {
        public List<ImportProgress> All { get; } = [];

        public void Report(ImportProgress value)
        {
            All.Add(value);
            onReport(value);
        }
    }
}
