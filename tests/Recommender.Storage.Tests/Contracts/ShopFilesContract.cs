using System.Text;

namespace Recommender.Storage.Tests.Contracts;

public abstract class ShopFilesContract(IStoreEngine engine) : StoreContract(engine)
{
    [Fact]
    public async Task A_file_is_found_as_it_was_written_last_while_the_store_is_open_and_afterwards()
    {
        await using (var files = await OpenFilesAsync())
        {
            Assert.Null(await files.FindAsync("recipe.json", Stop));
            await files.WriteAsync("recipe.json", "{}"u8.ToArray(), Stop);
            await files.WriteAsync("recipe.json", """{"a":"📚"}"""u8.ToArray(), Stop);
            await files.WriteAsync("keys.json", new byte[] { 0, 255, 10 }, Stop);
        }
        await ReopenAsync();
        await using var again = await OpenFilesAsync();
        Assert.Equal("""{"a":"📚"}""", Encoding.UTF8.GetString((await again.FindAsync("recipe.json", Stop))!));
        Assert.Equal([0, 255, 10], (await again.FindAsync("keys.json", Stop))!);
        Assert.Contains("keys.json", again.PlaceOf("keys.json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shop_can_have_files_before_it_has_anything_else()
    {
        await using var files = await OpenFilesAsync();
        await files.WriteAsync("keys.json", Array.Empty<byte>(), Stop);
        Assert.Empty((await files.FindAsync("keys.json", Stop))!);
    }

    [Fact]
    public async Task Whoever_reads_while_others_write_finds_one_of_them_whole()
    {
        await using var files = await OpenFilesAsync();
        await files.WriteAsync("recipe.json", Content('z'), Stop);
        var writing = Task.WhenAll("abcd".Select(async letter =>
        {
            for (int time = 0; time < 5; time++) await files.WriteAsync("recipe.json", Content(letter), Stop);
        }));
        do
        {
            byte[] read = (await files.FindAsync("recipe.json", Stop))!;
            Assert.Equal(Content((char)read[0]), read);
        }
        while (!writing.IsCompleted);
        await writing;

        static byte[] Content(char letter) => Encoding.UTF8.GetBytes(new string(letter, 100_000));
    }
}
