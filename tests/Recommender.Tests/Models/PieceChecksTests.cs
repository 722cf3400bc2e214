using Microsoft.Win32.SafeHandles;
using Recommender.Storage;

namespace Recommender.Tests.Models;

public sealed unsafe class PieceChecksTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();
    private readonly byte[] _bytes = new byte[PieceChecks.PieceBytes + 1_000_003];

    public PieceChecksTests() => new Random(11).NextBytes(_bytes);

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void A_file_whose_mapping_cannot_be_asked_for_is_read_instead()
    {
        var checks = new PieceChecks();
        checks.Append(_bytes);
        var pieces = checks.Finish();
        Assert.Equal(2, pieces.Length);

        // No page begins there, so the system refuses; and whoever read there all the same would end the process.
        byte* nowhere = (byte*)1;
        Assert.False(MappedPages.TryPopulate(nowhere, 1));
        Assert.True(Holds());
        _bytes[^1] ^= 1;
        Assert.False(Holds());
        (_bytes[^1], _bytes[7]) = ((byte)(_bytes[^1] ^ 1), (byte)(_bytes[7] ^ 0x80));
        Assert.False(Holds());
        _bytes[7] ^= 0x80;
        Assert.True(Holds());
        // Cut off after its length was asked for.
        File.WriteAllBytes(_path, _bytes[..^1]);
        using (SafeFileHandle file = File.OpenHandle(_path)) Assert.False(PieceChecks.Hold(file, nowhere, _bytes.Length, pieces));

        bool Holds()
        {
            File.WriteAllBytes(_path, _bytes);
            using SafeFileHandle file = File.OpenHandle(_path);
            return PieceChecks.Hold(file, nowhere, _bytes.Length, pieces);
        }
    }
}
