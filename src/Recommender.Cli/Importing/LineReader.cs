using System.Text;

namespace Recommender.Cli.Importing;

internal enum LineStatus { Read, TooLong, Broken, End }

/// <summary>
/// Reads lines of bounded length and counts them. A line over the bound is skipped to its end, and a compressed file that breaks off
/// ends with <see cref="LineStatus.Broken"/> after its last whole line, so that neither costs the rest of the file.
/// </summary>
internal sealed class LineReader : IDisposable
{
    /// <summary>The longest line in characters: some 150,000 items of one customer.</summary>
    public const int MaxLength = 1 << 20;

    private readonly Stream _stream;
    private readonly Decoder _decoder;
    private readonly byte[] _bytes = new byte[1 << 16];
    private readonly Stack<(LineStatus Status, string Line)> _putBack = new();
    private char[] _chars = new char[(1 << 16) + 1];
    private int _start, _end;
    private bool _ended, _broken;

    public LineReader(Stream stream, Encoding encoding)
    {
        _stream = stream;
        _decoder = encoding.GetDecoder();
    }

    /// <summary>The number of the line last read.</summary>
    public long Line { get; private set; }

    public LineStatus Read(out string line)
    {
        if (_putBack.TryPop(out var again))
        {
            Line++;
            line = again.Line;
            return again.Status;
        }
        line = "";
        bool tooLong = false;
        for (int searched = 0; ;)
        {
            int found = _chars.AsSpan(_start + searched, _end - _start - searched).IndexOf('\n');
            if (found >= 0)
            {
                if (!tooLong) line = Text(searched + found);
                _start += searched + found + 1;
                break;
            }
            searched = _end - _start;
            if (searched > MaxLength)
            {
                tooLong = true;
                line = line.Length > 0 ? line : new string(_chars, _start, 100);
                _start = _end = searched = 0;
            }
            if (Fill()) continue;
            if (_broken) return _ended ? LineStatus.End : EndBroken();
            if (searched == 0 && !tooLong) return LineStatus.End;
            if (!tooLong) line = Text(searched);
            _start = _end;
            break;
        }
        Line++;
        return tooLong ? LineStatus.TooLong : LineStatus.Read;
    }

    /// <summary>Gives back what was read last; the next read returns it again. Lines are put back last one first.</summary>
    public void PutBack(LineStatus status, string line)
    {
        if (status == LineStatus.End) return;
        _putBack.Push((status, line));
        Line--;
    }

    public void Dispose() => _stream.Dispose();

    private string Text(int length)
    {
        if (length > 0 && _chars[_start + length - 1] == '\r') length--;
        return new string(_chars, _start, length);
    }

    private LineStatus EndBroken()
    {
        _ended = true;
        Line++;
        return LineStatus.Broken;
    }

    /// <summary>Adds decoded characters at the end of the buffer; false at the end of the file.</summary>
    private bool Fill()
    {
        if (_ended || _broken) return false;
        if (_start > 0)
        {
            _chars.AsSpan(_start, _end - _start).CopyTo(_chars);
            (_start, _end) = (0, _end - _start);
        }
        if (_chars.Length - _end < _bytes.Length + 1) Array.Resize(ref _chars, _chars.Length * 2);
        int read;
        try
        {
            read = _stream.Read(_bytes);
        }
        catch (InvalidDataException)
        {
            _broken = true;
            return false;
        }
        int added = _decoder.GetChars(_bytes.AsSpan(0, read), _chars.AsSpan(_end), flush: read == 0);
        if (_end == 0 && Line == 0 && added > 0 && _chars[0] == '\uFEFF') _start = 1;
        _end += added;
        if (read == 0) _ended = true;
        return added > 0 || read > 0;
    }
}
